/**
 * Imports a module and returns its default export, wherever it is: one that TypeScript compiled to CommonJS has it one level
 * further down. Whether it is what it ought to be is checked where it is described, and not here.
 */
export async function importDefault<T>(url: string): Promise<T> {
  const module: { readonly default: T | { readonly default: T } } = await import(url);
  return isCompiled(module.default) ? module.default.default : module.default;
}

function isCompiled<T>(exported: T | { readonly default: T }): exported is { readonly default: T } {
  return typeof exported === 'object' && exported !== null && ('default' in exported || '__esModule' in exported);
}
