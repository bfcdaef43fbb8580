import type { RequestBody } from '../channel/protocol.ts';
import { numberPlaceholder } from '../config/placeholder-text.ts';
import { forForm, forJsonNumber, forJsonText, formEncode, jsonEncode } from './encoders.ts';
import type { Placeholders } from './value-template.ts';
import { ValueTemplate } from './value-template.ts';

/** A body with placeholders, taken apart once, and what it is. */
export interface BodyTemplate {
  contentType: string;
  template: ValueTemplate;
}

/** Compiles the body that the settings give: JSON, or a form. */
export function compileBody(body: RequestBody, placeholders: Placeholders): BodyTemplate {
  const template = new ValueTemplate(placeholders);
  if ('json' in body) {
    addJson(template, body.json);
    return { contentType: 'application/json', template };
  }
  addForm(template, body.form);
  return { contentType: 'application/x-www-form-urlencoded', template };
}

function addForm(template: ValueTemplate, fields: Extract<RequestBody, { form: unknown }>['form']): void {
  for (const [at, [name, value]] of Object.entries(fields).entries()) {
    template.addLiteral(`${at === 0 ? '' : '&'}${formEncode(name)}=`);
    template.addText(String(value), forForm, formEncode);
  }
}

/** As `JSON.stringify` writes it, with the placeholders in its texts kept apart; names of members are literal. */
function addJson(template: ValueTemplate, value: unknown): void {
  if (typeof value === 'string') addJsonText(template, value);
  else if (Array.isArray(value)) {
    addAll(template, '[', ']', value, (element) => addJson(template, element));
  } else if (typeof value === 'object' && value !== null) {
    addAll(template, '{', '}', Object.entries(value), ([name, member]) => {
      template.addLiteral(`${JSON.stringify(name)}:`);
      addJson(template, member);
    });
  } else template.addLiteral(JSON.stringify(value));
}

function addJsonText(template: ValueTemplate, text: string): void {
  const number = numberPlaceholder(text);
  if (number === undefined) template.addLiteral('"').addText(text, forJsonText, jsonEncode).addLiteral('"');
  else template.addPlaceholder(number, forJsonNumber);
}

function addAll<T>(
  template: ValueTemplate,
  open: string,
  close: string,
  all: readonly T[],
  add: (one: T) => void,
): void {
  template.addLiteral(open);
  for (const [at, one] of all.entries()) {
    if (at > 0) template.addLiteral(',');
    add(one);
  }
  template.addLiteral(close);
}
