export function lateRequires(text: string): string;
export function fullNames(text: string, folder: string, dist: string): string;
