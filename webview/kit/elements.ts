import { provideVSCodeDesignSystem, vsCodeButton } from '@vscode/webview-ui-toolkit';

/**
 * The toolkit's elements, as a script of its own that all pages share. The toolkit is not maintained any more, so
 * nothing but this file and the names in controls.tsx knows it: another library would be put in here.
 */
provideVSCodeDesignSystem().register(vsCodeButton());
