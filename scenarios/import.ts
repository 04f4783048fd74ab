import type { Scenario } from './scenario.ts';

/**
 * Imports the module of a scenario, with its default export where it belongs: a module that TypeScript compiled to CommonJS
 * has it one level further down. Whether it is a scenario is checked when it is described, and not here.
 */
export async function importScenario(url: string): Promise<{ readonly default: Scenario }> {
  const module: { readonly default: Scenario } = await import(url);
  return isCompiled(module.default) ? module.default : module;
}

function isCompiled(exported: object | undefined): exported is { readonly default: Scenario } {
  return typeof exported === 'object' && exported !== null && ('default' in exported || '__esModule' in exported);
}
