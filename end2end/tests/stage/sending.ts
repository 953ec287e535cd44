// A visitor who sends pictures: the tray above the composer, and how one comes to have it.

import { expect, type Locator } from '@playwright/test';
import type { Agent } from './agent.ts';
import type { Stage } from './fixtures.ts';
import type { Visitor } from './visitor.ts';

/** Said wherever none may be sent. */
export const OFF = 'Pictures can be sent only while the team allows it.';

/** The tray of this visitor and what stands in it. */
export class Tray {
  readonly region: Locator;
  readonly attach: Locator;
  readonly input: Locator;
  readonly send: Locator;
  readonly items: Locator;

  constructor(readonly visitor: Visitor) {
    this.region = visitor.panel.getByRole('region', { name: 'Pictures to send' });
    this.attach = visitor.panel.getByRole('button', { name: 'Add pictures' });
    this.input = visitor.panel.locator('input[type=file]');
    this.send = this.region.getByRole('button', { name: 'Send', exact: true });
    this.items = this.region.getByRole('listitem');
  }

  item(name: string): Locator {
    return this.items.filter({ hasText: name });
  }

  alert(name: string): Locator {
    return this.item(name).getByRole('alert');
  }

  remove(name: string): Locator {
    return this.region.getByRole('button', { name: `Remove ${name}` });
  }

  async pick(...files: { name: string; buffer: Buffer }[]): Promise<void> {
    await this.input.setInputFiles(files.map((file) => ({ mimeType: 'image/png', ...file })));
  }

  /** The picture stands in the log, loaded. */
  async shown(name: string): Promise<void> {
    await expect(this.visitor.log.getByRole('img', { name })).not.toHaveJSProperty('naturalWidth', 0);
  }
}

/** The agent switches pictures on, or off again. */
export async function allow(aki: Agent): Promise<void> {
  await aki.page.getByRole('button', { name: 'Chat menu' }).click();
  await aki.page.getByRole('menuitemcheckbox', { name: /Allow attachments/ }).click();
}

/** A chat in which pictures may be sent. */
export async function talking(stage: Stage, options: Parameters<Stage['visitor']>[0] = {}): Promise<[Visitor, Agent, Tray]> {
  const lena = await stage.visitor({ name: 'Lena', ...options });
  const aki = await stage.staff('aki');
  await aki.go();
  await lena.begin('May I send a photo?');
  await aki.take(lena.name);
  const tray = new Tray(lena);
  await expect(tray.attach).toBeHidden();
  await allow(aki);
  await expect(tray.attach).toBeVisible();
  return [lena, aki, tray];
}
