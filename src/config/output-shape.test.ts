import { describe, expect, it } from 'vitest';
import { changedShape, outputShapeOf } from './output-shape.ts';
import { defaultSettings, settingsSchema } from './schema.ts';

const given = { source_file: '/lists/customers.csv', url: 'https://server.example/{0}' };
const settings = settingsSchema.parse({ ...Object.fromEntries(defaultSettings('/runs')), ...given });
const shape = outputShapeOf(settings);

describe('changedShape', () => {
  it('finds nothing where nothing changed that shapes the output', () => {
    const others = { ...settings, process_count: settings.process_count + 1, log_level: 'debug' as const };
    expect(changedShape(outputShapeOf(others), shape)).toEqual([]);
  });

  it('names what changed, in order', () => {
    const others = { ...settings, url: 'https://server.example/v2/{0}', records: 'rows' };
    expect(changedShape(outputShapeOf(others), shape)).toEqual(['records', 'url']);
  });

  it('takes a setting that an older version did not know for its default', () => {
    const { source_header: _, ...older } = shape;
    expect(changedShape(shape, older)).toEqual([]);
    expect(changedShape(outputShapeOf({ ...settings, source_header: false }), older)).toEqual(['source_header']);
  });

  it('names a setting that this version does not know', () => {
    expect(changedShape(shape, { ...shape, of_tomorrow: 'ab'.repeat(32) })).toEqual(['of_tomorrow']);
  });
});
