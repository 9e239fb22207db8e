import home from './home.json';
import keys from './keys.json';
import members from './members.json';
import models from './models.json';
import playground from './playground.json';
import providers from './providers.json';
import settings from './settings.json';
import shell from './shell.json';
import signin from './signin.json';
import usage from './usage.json';

export default {
  ...home,
  ...keys,
  ...members,
  ...models,
  ...playground,
  ...providers,
  ...settings,
  ...shell,
  ...signin,
  ...usage,
};
