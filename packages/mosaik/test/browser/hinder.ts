const { createOffer } = RTCPeerConnection.prototype;

/** Whether WebRTC is to fail here. */
export function hinderWebRtc(fails: boolean): void {
  const refuse = () => Promise.reject(new Error("hindered"));
  Object.assign(RTCPeerConnection.prototype, { createOffer: fails ? refuse : createOffer });
}
