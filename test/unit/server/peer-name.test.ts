import { X509Certificate } from 'node:crypto'
import { expect, test } from 'vitest'
import { subjectOf, subjectText } from '../../../src-main/server/peer-name'

/** Its subject has several values in one place, an address of mail, and all that must be escaped. */
const certificate = `-----BEGIN CERTIFICATE-----
MIID5TCCAs2gAwIBAgIUMyrQ7E9e5/T5+4Sg3amQt/OeoUIwDQYJKoZIhvcNAQEL
BQAwgYExCzAJBgNVBAYTAkNaMREwDwYDVQQKDAhTaD1vcCAjMTEaMBgGA1UECwwR
UG9zdCwgYW5kIHBhcmNlbHMxGDAJBgNVBAUTAjc3MAsGA1UECwwEWndlaTEVMBMG
CSqGSIb3DQEJARYGYUBiLmN6MRIwEAYDVQQDDAkgw7xuw68geCAwHhcNMjYxMTI1
MTY0NDUxWhcNMjYxMTI3MTY0NDUxWjCBgTELMAkGA1UEBhMCQ1oxETAPBgNVBAoM
CFNoPW9wICMxMRowGAYDVQQLDBFQb3N0LCBhbmQgcGFyY2VsczEYMAkGA1UEBRMC
NzcwCwYDVQQLDARad2VpMRUwEwYJKoZIhvcNAQkBFgZhQGIuY3oxEjAQBgNVBAMM
CSDDvG7DryB4IDCCASIwDQYJKoZIhvcNAQEBBQADggEPADCCAQoCggEBANnUD8yI
evWWzOGZo080Z/PrYvOmRDQ1Sxws+ctMSLVbbCtRQdt46X4wUQNzdeLWynXaXcGI
g6IubFiQKryWngNDItI+gHqciCf9mBvPlwgnNdcmlZLiB9PqwC5nfS2u8MJh3534
EBZRbhTaDlDrgXtMPg14ofBaxc6JeafrClpEeofClDvo5k6iMoxQAb1uLu0PRIub
MBnLCLMOR48ffkWZjQSkWbzQJQKSfr6zvhlLk8Imcl10IKCvttX0zZ6OHWU+orjS
sKp25iR806MwPeL6VMOrTWpxn9yXcaWk01auI0xiHQ/pGvMI4bFdQa52F5sjn2Lu
t5sDYLSprs9WepcCAwEAAaNTMFEwHQYDVR0OBBYEFKTY8XTqX3LKLDxf39pu34+Y
hBSoMB8GA1UdIwQYMBaAFKTY8XTqX3LKLDxf39pu34+YhBSoMA8GA1UdEwEB/wQF
MAMBAf8wDQYJKoZIhvcNAQELBQADggEBAIVO0UrJdLDzDZ8M9rK5jm3TxLMNu3zT
tseCdHtbvkMyhsJi0W+x6GwJB+ikD4oahC0Bcs9mqz5ZzhEIaWS4aVjNJ4684Y76
CW2oYU6NUgXADY5TMtByW4+N59yw/o0hqJgQUMX7ymTKRJLdjmj9KsfMKWYaoLpS
PMu09ZrP/Ue+xoWvo8zcHsJG+V03gV0RjH55pf/eLgN8/N2dIFUseBIgcPuBopO5
kCq/57VQ8RV09dvI94A/MHCcT9E0rpHMEyOVAnd5LVdD+ajX1h1tZMxjM9ftbJE4
fFoJ98AoueIfB5kXLKLJXoq8hqtYvNENJVZTmWwpIShsggzRKN+Gjiw=
-----END CERTIFICATE-----`

test('a subject is written as Java writes it (X500Principal.getName)', () => {
  expect(subjectOf(new X509Certificate(certificate).raw)).toBe(
    String.raw`CN=\ ünï x\ ,1.2.840.113549.1.9.1=#16066140622e637a,2.5.4.5=#13023737+OU=Zwei,OU=Post\, and parcels,O=Sh\=op \#1,C=CZ`,
  )
})

test('and in sentences as X500Principal.toString has it', () => {
  expect(subjectText(new X509Certificate(certificate).raw)).toBe(
    'CN=" ünï x ", EMAILADDRESS=a@b.cz, SERIALNUMBER=77 + OU=Zwei, OU="Post, and parcels", O="Sh=op #1", C=CZ',
  )
})
