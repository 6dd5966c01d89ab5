import { createPrivateKey, generateKeyPairSync, sign } from 'node:crypto'

/** A certificate and its key, made for one test and never stored. */
export type TestCertificate = Readonly<{ cert: string; key: string }>

/**
 * An X.509 certificate for a host name, signed by its own key (RFC 5280, with only what a TLS client looks at). Valid
 * for a day around now, or until yesterday. Node can read such a thing but not make one.
 */
export function selfSigned(name: string, how: { hasExpired?: boolean } = {}): TestCertificate {
  const { privateKey: key, publicKey } = generateKeyPairSync('ec', {
    namedCurve: 'P-256',
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'der' },
  })
  const until = how.hasExpired ? -1 : 1
  const issuer = sequence(set(sequence(oid('2.5.4.3'), der(0x0c, Buffer.from(name)))))
  const subjectAltName = sequence(oid('2.5.29.17'), der(0x04, sequence(der(0x82, Buffer.from(name)))))
  const ecdsaWithSha256 = sequence(oid('1.2.840.10045.4.3.2'))
  const toBeSigned = sequence(
    der(0xa0, integer(2)),
    integer(1),
    ecdsaWithSha256,
    issuer,
    sequence(time(until - 2), time(until)),
    issuer,
    publicKey,
    der(0xa3, sequence(subjectAltName)),
  )
  const signature = sign('sha256', toBeSigned, createPrivateKey(key))
  const whole = sequence(toBeSigned, ecdsaWithSha256, der(0x03, Buffer.from([0]), signature))
  return { cert: `-----BEGIN CERTIFICATE-----\n${whole.toString('base64')}\n-----END CERTIFICATE-----\n`, key }
}

function der(tag: number, ...parts: Buffer[]): Buffer {
  const content = Buffer.concat(parts)
  const { length } = content
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 0xff]
  return Buffer.concat([Buffer.from([tag, ...size]), content])
}

const sequence = (...parts: Buffer[]): Buffer => der(0x30, ...parts)
const set = (...parts: Buffer[]): Buffer => der(0x31, ...parts)
const integer = (value: number): Buffer => der(0x02, Buffer.from([value]))

/** Days from now, as GeneralizedTime. */
const time = (days: number): Buffer =>
  der(
    0x18,
    Buffer.from(`${new Date(Date.now() + days * 86_400_000).toISOString().replace(/[-:T]/g, '').slice(0, 14)}Z`),
  )

function oid(text: string): Buffer {
  const [first = 0, second = 0, ...rest] = text.split('.').map(Number)
  return der(0x06, Buffer.from([first * 40 + second, ...rest.flatMap(base128)]))
}

const base128 = (value: number): number[] =>
  value < 128 ? [value] : [...base128(value >> 7).map((part) => part | 0x80), value & 0x7f]
