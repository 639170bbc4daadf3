import type { Router } from '../../kit/router.ts';
import type { Authenticate } from '../caller.ts';
import { basicOnly } from '../credentials.ts';

const envelope = `<?xml version="1.0" encoding="UTF-8"?>
<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns:typ="urn:Aspera:XML:FASPSessionNET:2009/11:Types">
  <soapenv:Body><typ:GetSessionInfoResponse><typ:TotalSessionsFound>0</typ:TotalSessionsFound></typ:GetSessionInfoResponse></soapenv:Body>
</soapenv:Envelope>
`;

/**
 * The SOAP call by which a health check asks whether the transfer manager ("central") is there: any 2xx will do
 * (aspera-node-api.md §2).
 */
export function registerCentralRoutes(router: Router, authenticate: Authenticate): void {
  const caller = basicOnly(authenticate);
  router.on('POST', '/services/soap/Transfer-201210', (request) => {
    caller(request);
    return { status: 200, body: envelope, headers: { 'content-type': 'text/xml; charset=utf-8' } };
  });
}
