import type { Kill } from '@oomwatcher/oom';

export type Container = NonNullable<Kill['container']>;

/** What a runtime's own files say of a container beside its id. */
export type Told = Pick<Container, 'name' | 'image' | 'compose' | 'runtime'>;
