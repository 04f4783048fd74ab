import { createHash } from 'node:crypto';

/**
 * What the page may do: show itself and run this one script. Nothing is fetched, and no other script runs, whatever a run
 * file contains.
 */
export function contentPolicy(script: string): string {
  const hash = createHash('sha256').update(script).digest('base64');
  return [
    "default-src 'none'",
    `script-src 'sha256-${hash}'`,
    "style-src 'unsafe-inline'",
    'font-src data:',
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
}
