/** How strongly a quake is felt right above it and in the nearest city, on the Mercalli scale from 1 to 10. */
const { intensity } = require('./intensity');

exports.handler = (context, event) => {
  const { magnitude, depth, distance } = JSON.parse(event.body.toString());
  if (!(distance >= 0)) return context.callback([422, 'the distance of the nearest city is missing']);
  context.callback({ epicentre: intensity(magnitude, depth, 0), city: intensity(magnitude, depth, distance) });
};
