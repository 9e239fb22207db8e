import '@mantine/core/styles.css';
import '@mantine/notifications/styles.css';
import '@fontsource-variable/inter/index.css';
import './theme.css';
import { MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { setNonce } from 'get-nonce';
import { createRoot } from 'react-dom/client';
import { reloadWhenPartsAreGone } from './api/fresh';
import { queries } from './api/queries';
import { chosen, load, Speaking } from './i18n';
import { router } from './router';
import { theme } from './theme';

// The policy admits style sheets made at run time only with the nonce that came with the page.
const nonce = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? '';
setNonce(nonce);

reloadWhenPartsAreGone();

async function start(root: HTMLElement): Promise<void> {
  const language = chosen();
  document.documentElement.lang = language;
  const catalogue = await load(language);
  createRoot(root).render(
    <MantineProvider theme={theme} defaultColorScheme="auto" getStyleNonce={() => nonce}>
      <Speaking language={language} catalogue={catalogue}>
        <QueryClientProvider client={queries}>
          <Notifications position="bottom-right" />
          <RouterProvider router={router} />
        </QueryClientProvider>
      </Speaking>
    </MantineProvider>,
  );
}

const root = document.getElementById('root');
if (root) void start(root);
