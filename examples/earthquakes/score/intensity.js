/**
 * Intensity that people report at a distance (Atkinson and Wald 2007, "Did You Feel It?", their equation for
 * California). Made from magnitudes of 2 and more; smaller quakes are not felt.
 */
exports.intensity = (magnitude, depth, distance) => {
  if (magnitude < 2) return 1;
  const r = Math.sqrt(distance ** 2 + depth ** 2 + 14 ** 2);
  const far = r > 30 ? Math.log10(r / 30) : 0;
  const m = magnitude - 6;
  const mmi =
    12.27 +
    2.27 * m +
    0.1304 * m ** 2 -
    1.3 * Math.log10(r) -
    0.000707 * r +
    1.95 * far -
    0.577 * magnitude * Math.log10(r);
  return Number(Math.min(10, Math.max(1, mmi)).toFixed(1));
};
