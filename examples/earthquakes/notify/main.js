/** Decides who is told, and in which words. */
const { LEVELS } = require('./levels');

exports.handler = (context, event) => {
  const { quake, place, score } = JSON.parse(event.body.toString());
  const { level, tell } = LEVELS.find(({ from }) => score.city >= from);
  const felt = score.city >= 2 ? `felt in ${place.city} with intensity ${score.city}` : `not felt in ${place.city}`;
  const text = `M ${quake.magnitude.toFixed(1)} ${quake.kind}, ${place.text}, ${felt}`;
  if (tell.length > 0) context.logger.infoWith(text, { level, tell });
  context.callback({ level, tell, text });
};
