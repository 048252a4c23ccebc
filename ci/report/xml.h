/*
 * XML: text that is valid in a document of XML 1.0 in UTF-8, whatever it was.
 *
 * What XML cannot have, whichever way it is written, is shown: a control character by its picture
 * (U+2400 and on), a byte that is no UTF-8 by U+FFFD.
 *
 * Source: Extensible Markup Language 1.0, 2.2 (characters), 2.4 (markup), 3.3.3 (attributes).
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_CI_REPORT_XML_H
#define HEDDLE_CI_REPORT_XML_H

#include <stdio.h>

/* As the content of an element. */
void hdr_xml_text(const char *text, FILE *file);

/* name="value" after a blank; the value's lines and tabs are kept. */
void hdr_xml_attribute(const char *name, const char *value, FILE *file);

#endif
