import { Problem } from './problem.ts'

/** JSON Schema, as far as an OpenAPI document of ours uses it. */
export type Schema = Readonly<{
  $ref?: string
  title?: string
  description?: string
  type?: string | readonly string[]
  enum?: readonly unknown[]
  const?: unknown
  anyOf?: readonly Schema[]
  oneOf?: readonly Schema[]
  allOf?: readonly Schema[]
  items?: Schema
  properties?: Readonly<Record<string, Schema>>
  required?: readonly string[]
  additionalProperties?: boolean | Schema
}>

export type SchemaTypes = Readonly<{
  /** The type of a schema; one with a title is printed once, by that name. `asked`: callers write it. */
  typeOf(schema: Schema, asked: boolean, indent?: string): string
  /** The declarations of all names that were used, in the order of the alphabet. */
  declarations(): string
}>

/** `named` are schemas that others point at. Two different schemas may not have the same title. */
export function openSchemaTypes(named: Readonly<Record<string, Schema>>): SchemaTypes {
  const titled = new Map<string, Schema>()
  /** What callers write may be written with `undefined` where a member may be left out. */
  const askedFor = new Set<string>()

  function nameOf(schema: Schema, asked: boolean): string {
    const name = typeName(schema.title ?? '')
    const known = titled.get(name)
    if (known && JSON.stringify(known) !== JSON.stringify(schema))
      throw new Problem(`Two schemas that differ are titled ${schema.title}: give one of them another title.`)
    const isNews = !known || (asked && !askedFor.has(name))
    titled.set(name, schema)
    if (asked) askedFor.add(name)
    // Whatever it is made of is asked for as well.
    if (isNews) inline(schema, asked, '')
    return name
  }

  function typeOf(schema: Schema, asked: boolean, indent = ''): string {
    if (schema.$ref !== undefined) {
      const name = schema.$ref.slice(schema.$ref.lastIndexOf('/') + 1)
      const target = named[name]
      if (!target) throw new Problem(`${schema.$ref} points at nothing.`)
      return nameOf({ ...target, title: name }, asked)
    }
    return typeName(schema.title ?? '') ? nameOf(schema, asked) : inline(schema, asked, indent)
  }

  function inline(schema: Schema, asked: boolean, indent: string): string {
    if ('const' in schema) return literal(schema.const)
    if (schema.enum) return unionOf(schema.enum.map(literal))
    const choices = schema.anyOf ?? schema.oneOf
    if (choices) return unionOf(choices.map((one) => typeOf(one, asked, indent)))
    if (schema.allOf) return schema.allOf.map((one) => inParentheses(typeOf(one, asked, indent))).join(' & ')
    if (Array.isArray(schema.type))
      return unionOf(schema.type.map((type: string) => inline({ ...schema, type }, asked, indent)))
    if (schema.type === 'array')
      return `${asked ? 'readonly ' : ''}${inParentheses(typeOf(schema.items ?? {}, asked, indent))}[]`
    if (schema.type === 'object' || schema.properties) return objectOf(schema, asked, indent)
    return scalars[String(schema.type)] ?? 'unknown'
  }

  function objectOf({ properties, required, additionalProperties }: Schema, asked: boolean, indent: string): string {
    if (!properties || Object.keys(properties).length === 0) {
      const member = typeof additionalProperties === 'object' ? typeOf(additionalProperties, asked, indent) : 'unknown'
      return `{ [name: string]: ${member} }`
    }
    const inner = `${indent}  `
    const lines = Object.entries(properties).map(([name, property]) => {
      const must = required?.includes(name)
      const type = typeOf(property, asked, inner)
      const orNot = !must && asked ? ' | undefined' : ''
      return `${comment(property.description, inner)}${inner}${keyOf(name)}${must ? '' : '?'}: ${type}${orNot}`
    })
    return `{\n${lines.join('\n')}\n${indent}}`
  }

  function declarations(): string {
    const names = [...titled.keys()].sort()
    return names
      .map((name) => {
        const schema = titled.get(name) ?? {}
        return `${comment(schema.description, '')}export type ${name} = ${inline(schema, askedFor.has(name), '')}\n`
      })
      .join('\n')
  }

  return { typeOf, declarations }
}

const scalars: Readonly<Record<string, string>> = {
  string: 'string',
  number: 'number',
  integer: 'number',
  boolean: 'boolean',
  null: 'null',
}

/** TypeScript has an Error of its own. Empty: this title is no name. */
const typeName = (title: string): string =>
  title === 'Error' ? 'ErrorBody' : /^[A-Z][A-Za-z0-9]*$/.test(title) ? title : ''

export const literal = (value: unknown): string =>
  typeof value === 'string' ? `'${value.replace(/[\\']/g, '\\$&')}'` : JSON.stringify(value)

const keyOf = (name: string): string => (/^[A-Za-z_]\w*$/.test(name) ? name : literal(name))
const unionOf = (types: readonly string[]): string => [...new Set(types)].join(' | ') || 'never'
/** What stands in braces is one thing, whatever is in them. */
const withoutBraces = (type: string): string => {
  const less = type.replace(/\{[^{}]*\}/g, '')
  return less === type ? type : withoutBraces(less)
}
const inParentheses = (type: string): string => (/ [|&] /.test(withoutBraces(type)) ? `(${type})` : type)

const widest = 120

/** A documentation comment, broken where lines would be too wide; nothing when there is nothing to say. */
export function comment(text: string | undefined, indent: string): string {
  if (!text) return ''
  const said = text.replaceAll('*/', '*\\/').replace(/\s+/g, ' ')
  if (indent.length + said.length + 7 <= widest) return `${indent}/** ${said} */\n`
  const lines: string[] = []
  for (const word of said.split(' ')) {
    const line = lines.at(-1)
    if (line === undefined || indent.length + line.length + word.length + 4 > widest) lines.push(word)
    else lines[lines.length - 1] = `${line} ${word}`
  }
  return `${indent}/**\n${lines.map((line) => `${indent} * ${line}\n`).join('')}${indent} */\n`
}
