import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';

/** The folder of what is deployed. */
export const deployFolder = join(import.meta.dirname, '../../deploy');

/** A file of it, as text. */
export function readDeployed(path: string): string {
  return readFileSync(join(deployFolder, path), 'utf8');
}

/** The documents of a YAML file of it, with merge keys resolved; throws at the first error. */
export function readYaml<Document = unknown>(path: string): Document[] {
  return parseYaml(readDeployed(path));
}

/** The documents of a text in YAML. */
export function parseYaml<Document = unknown>(text: string): Document[] {
  return parseAllDocuments(text, { merge: true }).map((document) => {
    const [error] = document.errors;
    if (error !== undefined) throw error;
    return document.toJS() as Document;
  });
}

/** A rule of an alert, as Prometheus reads it. */
export interface AlertRule {
  readonly alert: string;
  readonly expr: string;
  readonly annotations: Readonly<Record<string, string>>;
}

/** Every rule of the alerts that ship. */
export function alertRules(): AlertRule[] {
  const [file] = readYaml<{ groups: { rules: AlertRule[] }[] }>('prometheus/alerts.yaml');
  return file?.groups.flatMap(({ rules }) => rules) ?? [];
}
