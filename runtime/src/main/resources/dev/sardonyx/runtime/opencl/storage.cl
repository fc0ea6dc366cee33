// How tensors between kernels are stored: float, or half with all arithmetic in float. Loading and storing half is
// part of OpenCL C 1.2 itself; only arithmetic in half would need cl_khr_fp16.

#pragma OPENCL FP_CONTRACT OFF // fma is written where it is meant

#ifdef HALF_STORAGE
typedef half storage;
#define LOAD(p, i) vload_half((i), (p))
#define LOAD4(p, i) vload_half4(0, (p) + (i))
#define STORE(v, p, i) vstore_half_rte((v), (i), (p))
#define STORE2(v, p, i) vstore_half2_rte((v), 0, (p) + (i))
#define STORE4(v, p, i) vstore_half4_rte((v), 0, (p) + (i))
#else
typedef float storage;
#define LOAD(p, i) ((p)[i])
#define LOAD4(p, i) (*(__global const float4 *)((p) + (i)))
#define STORE(v, p, i) ((p)[i] = (v))
#define STORE2(v, p, i) (*(__global float2 *)((p) + (i)) = (v))
#define STORE4(v, p, i) (*(__global float4 *)((p) + (i)) = (v))
#endif
