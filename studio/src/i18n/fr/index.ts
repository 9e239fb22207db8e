import audit from './audit.json';
import budgets from './budgets.json';
import health from './health.json';
import home from './home.json';
import keys from './keys.json';
import members from './members.json';
import models from './models.json';
import playground from './playground.json';
import providers from './providers.json';
import routes from './routes.json';
import settings from './settings.json';
import shell from './shell.json';
import signin from './signin.json';
import traffic from './traffic.json';
import usage from './usage.json';

export default {
  ...audit,
  ...budgets,
  ...health,
  ...home,
  ...keys,
  ...members,
  ...models,
  ...playground,
  ...providers,
  ...routes,
  ...settings,
  ...shell,
  ...signin,
  ...traffic,
  ...usage,
};
