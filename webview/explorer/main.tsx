import { render } from 'preact';
import { pageRoot } from '../kit/host.ts';
import { ExplorerPage } from './page.tsx';
import { ExplorerStore } from './store.ts';

const store = new ExplorerStore();
render(<ExplorerPage store={store} />, pageRoot());
void store.begin();
