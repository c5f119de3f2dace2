const RADIUS = 6371;
const POINTS = ['N', 'NE', 'E', 'SE', 'S', 'SW', 'W', 'NW'];
const radians = (degrees) => (degrees * Math.PI) / 180;

/** Great-circle distance between two places, by the haversine formula. */
exports.kilometres = (a, b) => {
  const latitudes = Math.sin(radians(b.latitude - a.latitude) / 2) ** 2;
  const longitudes = Math.sin(radians(b.longitude - a.longitude) / 2) ** 2;
  const h = latitudes + Math.cos(radians(a.latitude)) * Math.cos(radians(b.latitude)) * longitudes;
  return 2 * RADIUS * Math.asin(Math.sqrt(Math.min(1, h)));
};

/** The compass point in which `to` lies, seen from `from`. */
exports.direction = (from, to) => {
  const [a, b, turn] = [radians(from.latitude), radians(to.latitude), radians(to.longitude - from.longitude)];
  const bearing = Math.atan2(
    Math.sin(turn) * Math.cos(b),
    Math.cos(a) * Math.sin(b) - Math.sin(a) * Math.cos(b) * Math.cos(turn),
  );
  return POINTS[(Math.round(bearing / (Math.PI / 4)) + 8) % 8];
};
