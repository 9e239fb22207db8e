import type { ReactNode } from 'react';
export function Members(): ReactNode { return null; }
