'use strict';

const { entry } = require('./entry');

module.exports = { entry };
