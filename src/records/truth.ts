/** What counts as true in JMESPath: everything but nothing, null, false, and empty texts, lists and objects. */
export function isTrue(value: unknown): boolean {
  if (value === undefined || value === null || value === false || value === '') return false;
  if (Array.isArray(value)) return value.length > 0;
  return typeof value !== 'object' || JSON.isRawJSON(value) || Object.keys(value).length > 0;
}
