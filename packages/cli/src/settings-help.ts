import { describeSettings } from '@silver/shared';

/** The table of environment variables below `silver --help`, made from the code that reads them. */
export function settingsHelp(): string {
  const settings = describeSettings();
  const width = Math.max(...settings.map(({ variable }) => variable.length));
  const lines = settings.map(({ variable, description, allowed, fallback }) => {
    const limits =
      fallback === 'must be set' ? `${fallback}: ${allowed}` : `${allowed}; default ${fallback}`;
    return `  ${variable.padEnd(width)}  ${description}\n  ${''.padEnd(width)}  (${limits})`;
  });
  return [
    '',
    'Environment:',
    ...lines,
    '',
    'OTEL_* variables of the OpenTelemetry specification turn telemetry on.',
  ].join('\n');
}
