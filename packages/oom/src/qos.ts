/** The quality of service class that Kubernetes gives a pod, as the path of its cgroup says. */
export type Qos = 'guaranteed' | 'burstable' | 'besteffort';
