/** The energy that a quake sends out as waves: log10 E = 4.8 + 1.5 M in joules (Gutenberg and Richter). */
const JOULES_PER_TON_OF_TNT = 4.184e9;

exports.handler = (context, event) => {
  const { magnitude } = JSON.parse(event.body.toString());
  const joules = 10 ** (4.8 + 1.5 * magnitude);
  context.callback({
    joules: Number(joules.toPrecision(3)),
    tonsOfTnt: Number((joules / JOULES_PER_TON_OF_TNT).toPrecision(3)),
  });
};
