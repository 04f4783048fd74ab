/**
 * The key and the certificate of servers that speak HTTPS in a trial. Public, and worth nothing: nobody trusts it, it is for
 * 127.0.0.1 alone, and clients of trials do not verify it. An ECDSA key on P-256, as most sites have.
 *
 * Made by `openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 36500 -addext subjectAltName=IP:127.0.0.1`.
 */
export const TEST_CERTIFICATE = {
  key: `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg6NmecbdwNFiZpJcd
6+9L9vnW/2ps3LosK14ZWil4Gs+hRANCAARp2P7p9oEdAaITwZloXYxDQiG0Ds/P
C2u0c9iTVeaIAcpb6OJCnrz/Ldsp/EwL6qdtIf7iugDK7xd8Gw736c7v
-----END PRIVATE KEY-----
`,
  cert: `-----BEGIN CERTIFICATE-----
MIIB1jCCAXugAwIBAgIUHV0Px3kxlSKMVWNbC5muU3pKbaswCgYIKoZIzj0EAwIw
ODE2MDQGA1UEAwwtZm91cndheXMgdGVzdCBjZXJ0aWZpY2F0ZSwgZm9yIDEyNy4w
LjAuMSBvbmx5MCAXDTI2MTEzMDIxMDE0MFoYDzIxMjYxMTA2MjEwMTQwWjA4MTYw
NAYDVQQDDC1mb3Vyd2F5cyB0ZXN0IGNlcnRpZmljYXRlLCBmb3IgMTI3LjAuMC4x
IG9ubHkwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAARp2P7p9oEdAaITwZloXYxD
QiG0Ds/PC2u0c9iTVeaIAcpb6OJCnrz/Ldsp/EwL6qdtIf7iugDK7xd8Gw736c7v
o2EwXzAdBgNVHQ4EFgQUwBN0sqFzNvJHjdD3CfxaKoKjnsMwHwYDVR0jBBgwFoAU
wBN0sqFzNvJHjdD3CfxaKoKjnsMwDwYDVR0RBAgwBocEfwAAATAMBgNVHRMBAf8E
AjAAMAoGCCqGSM49BAMCA0kAMEYCIQCg32DUj/02bF4/ZmgCgQeO3yfNJuj6ZNOz
R8ou67WZ/gIhALcqfzgLaHAI7bJvPkDfaDa6ebc8fnqUqJzoTdaBdLTq
-----END CERTIFICATE-----
`,
};
