/** Finds the city next to a quake, and how far it is on the ground. */
const cities = require('./cities.json');
const { kilometres, direction } = require('./sphere');

exports.handler = (context, event) => {
  const quake = JSON.parse(event.body.toString());
  let nearest;
  for (const city of cities) {
    const distance = kilometres(city, quake);
    if (nearest === undefined || distance < nearest.distance) nearest = { city, distance };
  }
  const distance = Math.round(nearest.distance);
  context.callback({
    city: nearest.city.name,
    distance,
    text: `${distance} km ${direction(nearest.city, quake)} of ${nearest.city.name}`,
  });
};
