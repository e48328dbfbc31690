import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { dumpYaml, loadAllYaml } from '@kubernetes/client-node';
import { expect, it } from 'vitest';
import { daemonSet, type Manifest, rendered } from './support/deployment.ts';
import { kubectl } from './support/kube/assets.ts';
import { installed, needs, type Requirement } from './support/needs.ts';
import { root } from './support/paths.ts';

const chart = join(root, 'deploy/helm/oomwatcher');
const go = {
  GO111MODULE: 'off',
  GOPATH: '/usr/share/gocode',
  GOCACHE: join(root, 'test/build/go'),
};

/** Debian has no Helm, but what its engine is made of. */
const templateEngine: Requirement = () =>
  installed('go', 'Go (Debian: golang-go)', 'version')() ??
  (existsSync(join(go.GOPATH, 'src/github.com/Masterminds/sprig'))
    ? undefined
    : 'needs sprig (Debian: golang-github-masterminds-sprig-dev)');

/** What the chart consists of with these values, in the namespace of the release. */
function chartWith(values: object, namespace = 'oomwatcher'): Manifest[] {
  const program = join(root, 'test/helm/render.go');
  const yaml = execFileSync('go', ['run', program, chart, namespace], {
    encoding: 'utf8',
    env: { ...process.env, ...go },
    input: dumpYaml(values),
  });
  return loadAllYaml(yaml);
}

/** In one order: Helm and kubectl have each their own. */
function sorted(manifests: readonly Manifest[]): Manifest[] {
  const key = ({ kind, metadata }: Manifest) => `${kind} ${metadata.name}`;
  return manifests.toSorted((a, b) => key(a).localeCompare(key(b)));
}

const argumentsOf = (variant: string) =>
  daemonSet(variant).spec?.template.spec?.containers[0]?.args ?? [];

const namespace = { create: true };

needs(templateEngine, kubectl).describe('the Helm chart', () => {
  it.each<[variant: string, values: () => object]>([
    ['base', () => ({})],
    ['overlays/kubelet-compat', () => ({ arguments: argumentsOf('overlays/kubelet-compat') })],
    [
      'overlays/metrics-only',
      () => ({ kubernetesAccess: false, arguments: argumentsOf('overlays/metrics-only') }),
    ],
    [
      'overlays/without-witness',
      () => ({ witness: 'remove', arguments: argumentsOf('overlays/without-witness') }),
    ],
    ['overlays/pod-monitor', () => ({ podMonitor: { enabled: true } })],
  ])('has the same objects as deploy/%s', (variant, values) => {
    expect(sorted(chartWith({ namespace, ...values() }))).toEqual(sorted(rendered(variant)));
  });

  it('is of the namespace of its release, which Helm makes', () => {
    const kinds = chartWith({}, 'monitoring');
    expect(kinds.map(({ kind }) => kind)).not.toContain('Namespace');
    const spaces = new Set(kinds.map(({ metadata }) => metadata.namespace));
    expect(spaces).toEqual(new Set(['monitoring', undefined]));
    expect(JSON.stringify(kinds)).not.toContain('"namespace":"oomwatcher"');
  });

  it('has the alert rules as they are, with links to the copy of the docs that it is told', () => {
    const prometheusRule = { enabled: true, labels: { release: 'kps' }, repository: 'me/fork' };
    const rule = chartWith({ prometheusRule }).find(({ kind }) => kind === 'PrometheusRule');
    const rules = readFileSync(join(root, 'deploy/prometheus/rules.yaml'), 'utf8');
    const spec = rules.replaceAll('OWNER/oomWatcher', 'me/fork').replace(/^/gm, '  ');
    const [asTheyAre] = loadAllYaml(`apiVersion: v\nkind: PrometheusRule\nspec:\n${spec}`);
    expect(rule).toMatchObject({ metadata: { labels: { release: 'kps' } }, spec: asTheyAre.spec });
    expect(asTheyAre.spec.groups[0].rules.length).toBeGreaterThan(8);
  });

  it('takes the image, tolerations and monitors that it is given', () => {
    const manifests = chartWith({
      image: { repository: 'registry.example.org/oomwatcher', tag: 'v9', pullPolicy: 'Always' },
      imagePullSecrets: [{ name: 'pull' }],
      tolerations: [],
      serviceMonitor: { enabled: true, labels: { release: 'kps' } },
    });
    const of = (wanted: string) => manifests.find(({ kind }) => kind === wanted);
    const image = { image: 'registry.example.org/oomwatcher:v9', imagePullPolicy: 'Always' };
    expect(of('DaemonSet')).toMatchObject({
      spec: {
        template: {
          spec: {
            imagePullSecrets: [{ name: 'pull' }],
            initContainers: [image],
            containers: [image],
          },
        },
      },
    });
    expect(JSON.stringify(of('DaemonSet'))).not.toContain('tolerations');
    expect(of('ServiceMonitor')).toMatchObject({
      metadata: { labels: { release: 'kps' } },
      spec: { endpoints: [{ port: 'http', honorLabels: true }] },
    });
    expect(of('Service')).toMatchObject({ spec: { ports: [{ name: 'http', port: 8420 }] } });
  });
});
