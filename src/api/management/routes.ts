import type { ApiKeyService } from '../../services/api-keys.ts';
import type { AuditService } from '../../services/audit.ts';
import type { OrganizationService } from '../../services/organizations.ts';
import type { PersonService } from '../../services/people.ts';
import type { Route } from '../route.ts';
import { apiKeyRoutes } from './api-keys.ts';
import { organizationRoutes } from './organization.ts';
import { personRoutes } from './people.ts';

export interface ManagementServices {
  readonly organizations: OrganizationService;
  readonly audit: AuditService;
  readonly apiKeys: ApiKeyService;
  readonly people: PersonService;
}

/** Every call of `/api/v1`, in the order of the reference page. */
export function managementRoutes(services: ManagementServices): readonly Route[] {
  return [
    ...organizationRoutes(services),
    ...apiKeyRoutes(services.apiKeys),
    ...personRoutes(services.people),
  ];
}
