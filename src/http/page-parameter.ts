import type { ParameterPlace, RequestBody } from '../channel/protocol.ts';
import { parseJson } from '../records/parse-json.ts';
import { isContainer } from '../records/path.ts';
import type { HttpRequest } from './client.ts';
import { withParameter } from './query-parameter.ts';

/** Where a request says which page it wants. */
export interface PageParameter {
  /** In a JSON body the way to it, names joined by dots. */
  parameter: string;
  /** The query, where nothing else is said. */
  in?: ParameterPlace | undefined;
}

/** A request with this value as the parameter; a JSON body takes any JSON value, the other places take texts. */
export type SetParameter = (request: HttpRequest, value: unknown) => HttpRequest;

/** `body` is what the settings say of it. */
export function compileParameter({ parameter, in: place }: PageParameter, body: RequestBody | undefined): SetParameter {
  if (place !== 'body') {
    return (request, value) => ({ ...request, url: withParameter(request.url, parameter, textOf(value)) });
  }
  const isJson = body !== undefined && 'json' in body;
  const names = parameter.split('.');
  const put = isJson
    ? (text: string, value: unknown) => JSON.stringify(withMember(parseJson(text), names, value))
    : // A form is written as a query is.
      (text: string, value: unknown) => withParameter(`?${text}`, parameter, textOf(value)).slice(1);
  return (request, value) => ({ ...request, body: put(request.body ?? '', value) });
}

/** Objects that are missing on the way are made. */
function withMember(value: unknown, [name = '', ...rest]: readonly string[], member: unknown): unknown {
  const object = isContainer(value) && !Array.isArray(value) ? value : {};
  const inside = Object.hasOwn(object, name) ? object[name] : undefined;
  return { ...object, [name]: rest.length === 0 ? member : withMember(inside, rest, member) };
}

const textOf = (value: unknown): string => (JSON.isRawJSON(value) ? value.rawJSON : String(value));
