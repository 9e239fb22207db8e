/** One thing that can be set: its name and what it does beside the control. */
import { Text } from '@mantine/core';
import type { ReactNode } from 'react';

export function Setting(props: {
  id: string;
  name: string;
  detail?: string;
  children: ReactNode;
}): ReactNode {
  return (
    <div className="setting">
      <div>
        <Text size="sm" fw={550} id={props.id}>
          {props.name}
        </Text>
        {props.detail && (
          <Text size="xs" c="dimmed" mt={2}>
            {props.detail}
          </Text>
        )}
      </div>
      <div>{props.children}</div>
    </div>
  );
}
