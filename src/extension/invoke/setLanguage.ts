import { languages, type TextDocument } from 'vscode';

/** Sets the language of a read-only document, if the editor knows it. */
export async function setLanguage(document: TextDocument, language = 'plaintext'): Promise<void> {
  if (document.languageId !== language && (await languages.getLanguages()).includes(language))
    await languages.setTextDocumentLanguage(document, language);
}
