/** Reads a GeoJSON feature: `{quake}`, or `{error}` that says what is wrong with it. */
exports.toQuake = (text) => {
  let feature;
  try {
    feature = JSON.parse(text);
  } catch (error) {
    return { error: error.message };
  }
  const { mag, time, type } = feature?.properties ?? {};
  const [longitude, latitude, depth] = feature?.geometry?.coordinates ?? [];
  if (typeof feature?.id !== 'string') return { error: 'the feature has no id' };
  if (!Number.isFinite(mag)) return { error: `${feature.id} has no magnitude` };
  if (!Number.isFinite(time)) return { error: `${feature.id} has no time` };
  if (!(Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180))
    return { error: `${feature.id} has no place on Earth` };
  // The depth of a shallow one may be given as above sea level.
  const time8601 = new Date(time).toISOString();
  return {
    quake: {
      id: feature.id,
      kind: type,
      time: time8601,
      magnitude: mag,
      latitude,
      longitude,
      depth: Math.max(0, depth ?? 10),
    },
  };
};
