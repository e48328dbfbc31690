export { ConfigurationError } from './configuration-error.js';
export { connect, type Kubernetes, type KubernetesOptions } from './connect.js';
export { type ApiFinding, type ApiOptions, examineApi } from './rights.js';
export { defaultTiming, type Timing } from './timing.js';
