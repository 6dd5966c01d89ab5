/** What a file says, as a record could say it again: other bytes would break what is written from it. */
export const printable = (text: string): string => text.replace(/[^ -~]/g, '?')
