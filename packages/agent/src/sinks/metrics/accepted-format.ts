import { type Format, openMetrics, prometheusText } from './exposition.js';

/**
 * The format that a scraper asks for (RFC 9110, 12.5.1): OpenMetrics where it is named in a version that this agent writes and
 * the text format is not wanted more. Who says nothing gets the text format.
 */
export function acceptedFormat(accept = ''): Format {
  let openMetricsWeight = 0;
  let textWeight = 0;
  for (const range of accept.toLowerCase().split(',')) {
    const [type = '', ...parameters] = range.split(';').map((part) => part.trim());
    const parameter = (name: string) =>
      parameters.find((each) => each.startsWith(`${name}=`))?.slice(name.length + 1);
    const weight = Number(parameter('q') ?? 1);
    const version = parameter('version')?.replaceAll('"', '');
    if (type === 'text/plain') textWeight = Math.max(textWeight, weight);
    if (type === 'application/openmetrics-text' && (version ?? '1.0.0') === '1.0.0')
      openMetricsWeight = Math.max(openMetricsWeight, weight);
  }
  return openMetricsWeight > 0 && openMetricsWeight >= textWeight ? openMetrics : prometheusText;
}
