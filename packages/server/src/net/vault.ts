import { CompactEncrypt, compactDecrypt } from 'jose'

/**
 * Keeps what must not be readable in a database dump: account numbers, bank tokens, signing keys.
 * `context` names the row a text belongs to; a text moved to another row cannot be opened.
 */
export type Vault = Readonly<{
  seal(text: string, context: string): Promise<string>
  /** Throws when the key is unknown, the context differs or the text was changed. */
  open(sealed: string, context: string): Promise<string>
  /** Whether a text was sealed by another key than the present one, and should be sealed again. */
  isStale(sealed: string): boolean
}>

export type VaultKey = Readonly<{ id: string; bytes: Uint8Array }>

/** AES-256-GCM through JOSE, key id in the header. The first key seals; every key opens. */
export function openVault(keys: readonly [VaultKey, ...VaultKey[]]): Vault {
  const [current] = keys
  return {
    seal: (text, context) =>
      new CompactEncrypt(new TextEncoder().encode(text))
        .setProtectedHeader({ alg: 'dir', enc: 'A256GCM', kid: current.id, ctx: context })
        .encrypt(current.bytes),

    async open(sealed, context) {
      const { plaintext, protectedHeader } = await compactDecrypt(
        sealed,
        (header) => {
          const key = keys.find(({ id }) => id === header.kid)
          if (!key) throw new Error(`the vault has no key '${header.kid}'; add it to RIALTO_VAULT_KEYS`)
          return key.bytes
        },
        { keyManagementAlgorithms: ['dir'], contentEncryptionAlgorithms: ['A256GCM'] },
      )
      if (protectedHeader.ctx !== context) throw new Error('the sealed text belongs to another row')
      return new TextDecoder().decode(plaintext)
    },

    isStale: (sealed) => headerOf(sealed).kid !== current.id,
  }
}

const headerOf = (sealed: string): { kid?: string } =>
  JSON.parse(Buffer.from(sealed.split('.')[0] ?? '', 'base64url').toString() || '{}') as { kid?: string }
