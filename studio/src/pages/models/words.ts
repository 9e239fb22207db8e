/** The catalogue's values as the reader calls them. */
import type { FacetsShape } from '../../api/schema';
import { useWords } from '../../i18n';
import type { Filter } from '../../lib/catalogue';
import { countryName, isCapability, licenceOf } from '../../lib/models';

export interface Named {
  country: (code: string) => string;
  capability: (name: string) => string;
  licence: (licence: string) => string;
  /** For a narrow column. */
  shortLicence: (licence: string) => string;
  value: (filter: Filter, value: string, facets: FacetsShape | undefined) => string;
}

export function useNamed(): Named {
  const { t, f, language } = useWords();
  const country = (code: string): string => (code ? countryName(code, language) : t('models.unknown'));
  const capability = (name: string): string => (isCapability(name) ? t(`models.can.${name}`) : name);
  const licence = (text: string): string => {
    const found = licenceOf(text);
    if (found.kind === 'unknown') return t('models.licence.unknown');
    if (found.kind === 'proprietary') return t('models.licence.proprietary');
    if (found.kind === 'own') return t('models.licence.own', { name: found.name });
    return found.noncommercial ? t('models.licence.noncommercial', { name: found.name }) : found.name;
  };
  const shortLicence = (text: string): string => {
    const found = licenceOf(text);
    if (found.kind === 'unknown') return t('models.licence.unknown');
    return found.kind === 'proprietary' ? t('models.licence.short') : found.name;
  };
  return {
    country,
    capability,
    licence,
    shortLicence,
    value: (filter, value, facets) => {
      const label = (of: 'maker' | 'host'): string =>
        facets?.[of].find((choice) => choice.value === value)?.label ?? value;
      switch (filter) {
        case 'maker':
        case 'host':
          return label(filter);
        case 'country':
        case 'law':
          return country(value);
        case 'capability':
          return capability(value);
        case 'licence':
          return licence(value);
        case 'open':
          return value === 'no' ? t('models.closed') : t('models.open');
        case 'context':
          return t('models.tokens', { count: f.compact(Number(value)) });
        case 'price':
          return t('models.atmost', { price: f.money(value, 'USD') });
        case 'retire':
          return value === 'with'
            ? t('models.retire.with')
            : t('models.retire.within', { count: Number(value) });
        default:
          return t('models.here');
      }
    },
  };
}
