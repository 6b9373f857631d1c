import { underFire } from './scenarios.ts';

underFire('straight to the server', async (url) => ({ url, close: async () => undefined }));
