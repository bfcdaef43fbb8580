import * as z from 'zod';
import { factsOf, SETTING_NAMES, settingsSchema } from './schema.ts';

/**
 * The JSON Schema of a settings file, for editors: draft 07, which all of them understand. Nothing is required in it, since
 * flags and environment can give the rest.
 */
export function settingsJsonSchema(): Record<string, unknown> {
  const { properties = {}, definitions } = z.toJSONSchema(settingsSchema, { target: 'draft-07' });
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Settings of aggregate',
    type: 'object',
    properties: {
      $schema: { type: 'string', description: 'Where this schema is, for editors.' },
      ...Object.fromEntries(
        SETTING_NAMES.map((name) => [name, { ...annotations(name), ...asObject(properties[name]) }]),
      ),
    },
    additionalProperties: false,
    // What refers to itself, as JSON within a body does.
    definitions,
  };
}

function annotations(name: (typeof SETTING_NAMES)[number]): Record<string, unknown> {
  const { description, default: fallback, defaultWords, example } = factsOf(name);
  return {
    title: name.replaceAll('_', ' '),
    description: defaultWords === undefined ? description : `${description} Default: ${defaultWords}.`,
    ...(fallback === undefined ? {} : { default: fallback }),
    ...(example === undefined ? {} : { examples: [example] }),
  };
}

const asObject = (schema: unknown): object => (typeof schema === 'object' && schema !== null ? schema : {});
