/** From the strongest down; `from` is the intensity in the nearest city. */
exports.LEVELS = [
  { from: 5.5, level: 'red', tell: ['civil protection', 'hospitals', 'public'] },
  { from: 4.5, level: 'orange', tell: ['civil protection', 'public'] },
  { from: 3.5, level: 'yellow', tell: ['public'] },
  { from: 0, level: 'green', tell: [] },
];
