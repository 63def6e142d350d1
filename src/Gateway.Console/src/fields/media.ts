import type { Medium } from './field.ts';

/** A file as the API takes it. */
export async function mediumOf(file: Blob, name: string): Promise<Medium> {
  return { name, type: file.type, base64: await base64Of(file), preview: URL.createObjectURL(file) };
}

/** The file at an address, which the model's side fetches, not this page. */
export const mediumAt = (url: string): Medium => ({ name: url, type: '', url });

function base64Of(file: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result).replace(/^[^,]*,/, ''));
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(file);
  });
}
