import { App } from './app.js';
import { followCloseToLimit } from './close-to-limit.js';
import { byId } from './dom.js';

new App().start();
// Of this node, not of a file that is shown.
followCloseToLimit(
  byId('close'),
  () => byId('connection').dataset.state === 'live' && !document.hidden,
);
