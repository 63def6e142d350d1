#!/usr/bin/env bash
# Makes the images of this folder with ImageMagick and Pillow, and beside each PNG the pixels ImageMagick decodes from it
# (8 bits, red green blue opacity). The images are checked in; run this only to add to them. On Debian:
#   apt-get install imagemagick webp python3-pil
set -euo pipefail
cd "$(dirname "$0")"
mkdir -p png headers pictures

/usr/bin/python3 - <<'PY'
from PIL import Image

# 13 by 11: no row of any depth, and no Adam7 pass, ends on a round number.
W, H = 13, 11
color = Image.new("RGBA", (W, H))
for y in range(H):
    for x in range(W):
        color.putpixel((x, y), ((x * 37 + y * 11) % 256, (x * 5 + y * 53) % 256, (x * y * 7 + 90) % 256, (x * 19 + y * 3) % 256))
color.save("source.png")
opaque = color.convert("RGB")
gray = opaque.convert("L")
gray.save("png/gray8-trns.png", transparency=gray.getpixel((4, 4)))
opaque.save("png/rgb8-trns.png", transparency=opaque.getpixel((3, 7)))
palette = opaque.quantize(16)
palette.save("png/palette4-trns.png", transparency=bytes([0, 64, 128, 200]), bits=4)
opaque.quantize(2).save("png/palette1.png", bits=1)
opaque.quantize(4).save("png/palette2.png", bits=2)
opaque.quantize(200).save("png/palette8.png")

photo = Image.new("RGB", (40, 24), (10, 120, 200))
photo.save("headers/40x24.jpg")
photo.save("headers/40x24-progressive.jpg", progressive=True)
for orientation in range(1, 9):
    exif = Image.Exif()
    exif[0x0112] = orientation
    photo.save(f"headers/40x24-exif{orientation}.jpg", exif=exif)
photo.save("headers/40x24.gif")
photo.save("headers/40x24-lossless.webp", lossless=True)
photo.save("headers/40x24-lossy.webp")
photo.convert("RGBA").save("headers/40x24-extended.webp", exif=exif)

# Six squares of other colours, so that none of the eight ways to hold a camera looks like another.
squares = Image.new("RGB", (48, 32))
for number, color in enumerate(["red", "lime", "blue", "white", "black", "orange"]):
    squares.paste(color, (number % 3 * 16, number // 3 * 16, number % 3 * 16 + 16, number // 3 * 16 + 16))
for orientation in range(1, 9):
    exif[0x0112] = orientation
    squares.save(f"pictures/exif{orientation}.jpg", exif=exif, quality=95, subsampling=0)
squares.save("pictures/progressive.jpg", progressive=True, quality=95, subsampling=0)
squares.save("pictures/lossy.webp", quality=95)
squares.save("pictures/lossless.webp", lossless=True)
squares.save("pictures/palette.gif")
squares.save("pictures/plain.bmp")
PY

make() { convert source.png -strip "${@:2}" "png/$1.png"; }
for depth in 1 2 4 8; do make "gray$depth" -alpha off -colorspace Gray -depth $depth -define png:color-type=0 -define png:bit-depth=$depth; done
for depth in 8 16; do
  # Scaled, the samples of 16 bits have low bytes of their own.
  scale=(); if [ $depth = 16 ]; then scale=(-channel RGBA -evaluate multiply 0.9371 +channel); fi
  make "rgb$depth" -alpha off "${scale[@]}" -define png:color-type=2 -define png:bit-depth=$depth
  make "grayalpha$depth" "${scale[@]}" -colorspace Gray -define png:color-type=4 -define png:bit-depth=$depth
  make "rgba$depth" "${scale[@]}" -define png:color-type=6 -define png:bit-depth=$depth
done
make gray16 -alpha off -channel RGB -evaluate multiply 0.9371 +channel -colorspace Gray -define png:color-type=0 -define png:bit-depth=16
for filter in 0 1 2 3 4; do make "rgba8-filter$filter" -define png:color-type=6 -define png:compression-filter=$filter; done
make gray1-adam7 -alpha off -colorspace Gray -depth 1 -define png:color-type=0 -define png:bit-depth=1 -interlace PNG
make rgb16-adam7 -alpha off -channel RGB -evaluate multiply 0.9371 +channel -define png:color-type=2 -define png:bit-depth=16 -interlace PNG
make rgba8-adam7 -define png:color-type=6 -define png:bit-depth=8 -interlace PNG
convert png/palette8.png -strip -interlace PNG -define png:color-type=3 png/palette8-adam7.png
convert source.png -crop 1x1+5+5 +repage -strip -define png:color-type=6 -interlace PNG png/one-pixel-adam7.png
rm source.png

# Decoded to 16 bits, which is exact for every depth, then scaled as the PNG specification says (13.12).
for file in png/*.png; do
  convert "$file" -depth 16 -endian MSB rgba:- | /usr/bin/python3 -c '
import struct, sys
data = sys.stdin.buffer.read()
samples = struct.unpack(f">{len(data) // 2}H", data)
sys.stdout.buffer.write(bytes((2 * sample * 255 + 65535) // (2 * 65535) for sample in samples))' > "${file%.png}.rgba"
done

convert -size 40x24 xc:teal headers/40x24.bmp
convert -size 40x24 xc:teal BMP2:headers/40x24-core.bmp

for file in pictures/*.*; do convert "$file" -auto-orient -depth 8 "rgba:$file.rgba"; done

