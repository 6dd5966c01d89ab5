import { comment, literal, openSchemaTypes, type Schema, type SchemaTypes } from './schema-types.ts'

type Content = Readonly<Record<string, Readonly<{ schema?: Schema }>>>
type Parameter = Readonly<{ name: string; in: string; required?: boolean; description?: string; schema?: Schema }>
type Operation = Readonly<{
  summary?: string
  parameters?: readonly Parameter[]
  requestBody?: Readonly<{ required?: boolean; content: Content }>
  responses: Readonly<Record<string, Readonly<{ content?: Content }>>>
}>
export type OpenApi = Readonly<{
  paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  components?: Readonly<{ schemas?: Readonly<Record<string, Schema>> }>
}>
type Events = Readonly<Record<string, Readonly<{ category: string; says: string }>>>
type ErrorRow = Readonly<{ errorCode: string }>

const byHand = '// Printed by `npm run print` from the server; a change here is overwritten.\n\n'
const json = 'application/json'
const folder = 'packages/node-sdk/src/generated'

/** The types of packages/node-sdk by their path: what the API takes and answers, its events, its refusals. */
export function sdkTypes(openapi: OpenApi, events: Events, errors: readonly ErrorRow[]): Record<string, string> {
  return {
    [`${folder}/api.generated.ts`]: byHand + apiTypes(openapi),
    [`${folder}/events.generated.ts`]: byHand + eventTypes(events),
    [`${folder}/errors.generated.ts`]: byHand + errorTypes(errors),
  }
}

/** What takes a form and not JSON (tokens) is left out. */
const takesJson = ({ requestBody }: Operation): boolean => !requestBody || json in requestBody.content

function apiTypes({ paths, components }: OpenApi): string {
  const types = openSchemaTypes(components?.schemas ?? {})
  types.typeOf({ $ref: '#/components/schemas/Error' }, false)
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods)
      .filter(([, operation]) => takesJson(operation))
      .map(([method, operation]) => {
        const members = membersOf(types, operation).map((line) => `    ${line}\n`)
        const route = `${method.toUpperCase()} ${path}`
        return `${comment(operation.summary, '  ')}  ${literal(route)}: {\n${members.join('')}  }\n`
      }),
  )
  const heading = '/** Every call of the API: what its path, its query and its body hold, and what it answers. */\n'
  return `${heading}export type Operations = {\n${operations.join('')}}\n\n${types.declarations()}`
}

function membersOf(types: SchemaTypes, { parameters = [], requestBody, responses }: Operation): string[] {
  const body = requestBody?.content[json]?.schema
  const good = Object.entries(responses).filter(([status]) => status.startsWith('2'))
  const answers = good.map(([, { content }]) => {
    const schema = content?.[json]?.schema
    return schema ? types.typeOf(schema, false, '    ') : content ? 'string' : 'undefined'
  })
  return [
    ...parametersOf(types, parameters, 'path', 'params'),
    ...parametersOf(types, parameters, 'query', 'query'),
    ...(body ? [`body${requestBody?.required ? '' : '?'}: ${types.typeOf(body, true, '    ')}`] : []),
    `answer: ${[...new Set(answers)].join(' | ')}`,
  ]
}

function parametersOf(types: SchemaTypes, all: readonly Parameter[], where: string, name: string): string[] {
  const some = all.filter((one) => one.in === where)
  if (some.length === 0) return []
  const required = some.filter((one) => one.required).map((one) => one.name)
  const described = ({ schema, description }: Parameter): Schema => ({ ...schema, ...(description && { description }) })
  const properties = Object.fromEntries(some.map((one) => [one.name, described(one)]))
  const type = types.typeOf({ type: 'object', properties, required }, true, '    ')
  return [`${name}${required.length > 0 ? '' : '?'}: ${type}`]
}

function eventTypes(events: Events): string {
  const categories = [...new Set(Object.values(events).map(({ category }) => category))].sort()
  const lines = categories.map((category) => {
    const types = Object.entries(events).filter(([, event]) => event.category === category)
    return `  ${category}:\n${types.map(([type, { says }]) => `${comment(says, '    ')}    | ${literal(type)}\n`).join('')}`
  })
  return `/** The types of events, by the category that a subscription may name. */\nexport type EventTypes = {\n${lines.join('')}}\n`
}

function errorTypes(errors: readonly ErrorRow[]): string {
  const codes = [...new Set(errors.map(({ errorCode }) => errorCode))].sort()
  const union = codes.map((code) => `  | ${literal(code)}\n`).join('')
  return `/** Every \`errorCode\` that the platform answers: docs/reference/errors.md. */\nexport type ErrorCode =\n${union}`
}
