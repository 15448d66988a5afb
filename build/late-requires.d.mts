export function lateRequires(text: string): string;
