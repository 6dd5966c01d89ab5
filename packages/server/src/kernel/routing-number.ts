const prefixes = /^(0\d|1[0-2]|2[1-9]|3[0-2]|6[1-9]|7[0-2]|80)/
const weights = [3, 7, 1]

/** Nine digits with a prefix that the ABA gives out and its check digit. Whether such a bank exists, it cannot tell. */
export function isRoutingNumber(text: string): boolean {
  if (!/^\d{9}$/.test(text) || !prefixes.test(text) || text === '000000000') return false
  return [...text].reduce((sum, digit, index) => sum + Number(digit) * (weights[index % 3] ?? 0), 0) % 10 === 0
}
