/**
 * Takes one GeoJSON feature of the USGS feed. The place and the energy are independent of each other, so both are asked
 * for at once; the score needs the place, and the notice needs it all.
 */
const { toQuake } = require('./feature');

exports.handler = async (context, event, session) => {
  const { quake, error } = toQuake(event.body.toString());
  if (error) return context.callback([400, `Not an earthquake: ${error}`]);

  const server = `http://${event.headers['Fusionizer-Server-Address']}:8000`;
  const ask = async (task, json) => {
    const answer = await session.post(`${server}/${task}`, { json });
    if (!answer.ok) throw new Error(`${task} answered ${answer.status}: ${await answer.text()}`);
    return answer.json();
  };
  const [place, energy] = await Promise.all([ask('locate', quake), ask('energy', quake)]);
  const score = await ask('score', { ...quake, distance: place.distance });
  const notice = await ask('notify', { quake, place, score });
  context.callback({ ...quake, place, energy, score, notice });
};
